using OrleansLb.Hosting.Settings;

namespace OrleansLb.Hosting.Files;

/// <summary>A value that files hold, as it was when they could last be read: files that are damaged or gone do not end it. For one caller at a time, but for <see cref="Value"/> and <see cref="Fault"/>.</summary>
/// <param name="paths">The files.</param>
/// <param name="read">Reads them.</param>
public sealed class FileValue<T>(IReadOnlyList<string> paths, Func<T> read)
    where T : class
{
    private FileStamp[] _previous = [];
    private FileStamp[] _used = [];
    private volatile T? _value;
    private volatile string? _fault;

    /// <summary>The value; <see langword="null"/> while it could never be read.</summary>
    public T? Value => _value;

    /// <summary>Why what the files hold now is not used; <see langword="null"/> when it is.</summary>
    public string? Fault => _fault;

    /// <summary>Reads the files if they changed and then held still for one more look, because several are not replaced at once; and again as long as they cannot be used.</summary>
    /// <returns>Whether they were read; <see langword="null"/> when nothing new came of it.</returns>
    public bool? Look()
    {
        FileStamp[] found = [.. paths.Select(FileStamp.Of)];
        var isStill = found.AsSpan().SequenceEqual(_previous);
        _previous = found;
        var isUsed = _fault is null && found.AsSpan().SequenceEqual(_used);
        if (_value is not null && (isUsed || !isStill))
            return null;
        try
        {
            (_value, _used, _fault) = (read(), found, null);
            return true;
        }
        catch (FileRefusedException exception)
        {
            if (exception.Message == _fault)
                return null;
            _fault = exception.Message;
            return false;
        }
    }
}
