namespace OrleansLb.LoadGenerator.Load;

/// <summary>Clients of one server.</summary>
public interface ILoad : IDisposable
{
    /// <summary>Has each client ask again as soon as it has its answer: a closed loop, for throughput at saturation.</summary>
    /// <param name="length">How long.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    LoadResult Saturate(TimeSpan length, CancellationToken cancellation);
}
