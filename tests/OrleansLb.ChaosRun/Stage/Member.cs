using OrleansLb.BenchProcesses;

namespace OrleansLb.ChaosRun.Stage;

/// <summary>A process of the cluster, which is ended, stands still and is started again, always in the same place.</summary>
internal sealed class Member : IDisposable
{
    private readonly Func<bool, Action<string>, ServerProcess> _launch;
    private readonly MemberLog _log;
    private volatile ServerProcess _server;
    private volatile bool _isInHands;
    private volatile bool _mayEnd;

    /// <summary>Starts it for the first time.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="logs">Where its log goes.</param>
    /// <param name="launch">Starts it, told whether that is for the first time and whom to tell what it says.</param>
    public Member(string name, DirectoryInfo logs, Func<bool, Action<string>, ServerProcess> launch)
    {
        (Name, _launch, _log) = (name, launch, new MemberLog(Path.Combine(logs.FullName, name + ".log")));
        _server = launch(true, _log.Write);
    }

    public string Name { get; }

    public bool HasEnded => _server.HasEnded;

    /// <summary>Whether somebody has ended or frozen it and will start it again or let it go on: nobody else cares about it.</summary>
    public bool IsInHands => _isInHands;

    /// <summary>Whether it may end by itself, because of what was done to it; whoever sees it starts it again.</summary>
    public bool MayEnd
    {
        get => _mayEnd;
        set => _mayEnd = value;
    }

    /// <summary>How it ended.</summary>
    public string End => FormattableString.Invariant($"{Name} ended with {_server.ExitCode}: {_server.LastWords}");

    public Task Answers(Uri address, CancellationToken cancellation) => _server.Answers(address, cancellation);

    public async Task Kill(CancellationToken cancellation)
    {
        _isInHands = true;
        if (!_server.HasEnded)
            _server.Signal(ServerSignal.Kill);
        await _server.Ended(cancellation);
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Stop(CancellationToken cancellation)
    {
        _isInHands = true;
        if (!_server.HasEnded)
            _server.Signal(ServerSignal.Terminate);
        await _server.Ended(cancellation);
        return _server.ExitCode;
    }

    public void Freeze()
    {
        _isInHands = true;
        if (!_server.HasEnded)
            _server.Signal(ServerSignal.Stop);
    }

    /// <summary>Lets it go on.</summary>
    /// <param name="mayEnd">Whether it may end then, because others have gone on without it.</param>
    public void Thaw(bool mayEnd)
    {
        if (!_server.HasEnded)
            _server.Signal(ServerSignal.Continue);
        (_mayEnd, _isInHands) = (mayEnd, false);
    }

    /// <summary>Starts it again, once it has ended.</summary>
    public void Start()
    {
        var ended = _server;
        _server = _launch(false, _log.Write);
        ended.Dispose();
        (_mayEnd, _isInHands) = (false, false);
    }

    public void Dispose()
    {
        _server.Dispose();
        _log.Dispose();
    }
}
