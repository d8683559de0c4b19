namespace OrleansLb.Contracts.Routing;

/// <summary>One key of the affinity cookie.</summary>
/// <param name="KeyId">Short id carried in the cookie.</param>
/// <param name="Secret">256-bit AES key.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.RingKey")]
public sealed record RingKey(
    [property: Id(0)] string KeyId,
    [property: Id(1)] byte[] Secret)
{
    /// <summary>The id without the secret: a log line that shows a key must not give it away.</summary>
    public override string ToString() => $"RingKey {KeyId}";
}
