namespace OrleansLb.Frontend.Http.WebSockets;

/// <summary>A WebSocket that is open.</summary>
/// <param name="stream">What goes to its client.</param>
/// <param name="pool">The pool that it is of; <see langword="null"/> for none.</param>
/// <param name="backend">The backend at its other end.</param>
/// <param name="since">When it was opened, on the product's monotonic clock.</param>
/// <param name="abort">Breaks it off.</param>
internal sealed class OpenWebSocket(PartingStream stream, string? pool, string? backend, TimeSpan since, Action abort)
{
    public PartingStream Stream => stream;

    public string? Pool => pool;

    public string? Backend => backend;

    public TimeSpan Since => since;

    /// <summary>When its client was told to come back elsewhere; <see langword="null"/> before. Of the one who tells.</summary>
    public TimeSpan? ToldAt { get; set; }

    /// <summary>Breaks it off: its client was told and does not go.</summary>
    public void Abort() => abort();
}
