namespace OrleansLb.Configuration;

/// <summary>One thing wrong with a configuration.</summary>
/// <param name="Path">Full path of the key, as in <c>ReverseProxy:Clusters:app:LoadBalancingPolicy</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ConfigurationError(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}
