namespace OrleansLb.Frontend.Leases;

/// <summary>The part of every limit that this front-end may serve when the cluster is lost, as the cluster told it last.</summary>
public sealed class LimitShare
{
    private int _parts;

    /// <summary>Into how many parts limits are divided, of which one is this front-end's; 0 when it was never told.</summary>
    public int Parts => Volatile.Read(ref _parts);

    /// <summary>Takes what a reply to a heartbeat said.</summary>
    /// <param name="parts">Number of parts; 0 when the silo did not know.</param>
    public void Told(int parts)
    {
        if (parts > 0)
            Volatile.Write(ref _parts, parts);
    }
}
