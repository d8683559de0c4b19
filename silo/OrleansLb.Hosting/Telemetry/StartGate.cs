namespace OrleansLb.Hosting.Telemetry;

/// <summary>Opens once the process has started.</summary>
internal sealed class StartGate
{
    private volatile bool _open;

    public bool IsOpen => _open;

    public void Open() => _open = true;
}
