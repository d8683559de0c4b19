using OrleansLb.Contracts.Frontends;

namespace OrleansLb.Clustering.Names;

/// <summary>
/// The identity of a front-end's Orleans client: the front-end's id, a tilde, which is in no id, and 32 random digits. So each message of a front-end says whose it is, and it takes no list to know. Clients
/// of before, and those that are no front-ends, have the digits alone.
/// </summary>
internal static class ClientName
{
    private const byte BeforeDigits = (byte)'~';

    /// <summary>A new identity.</summary>
    /// <param name="frontendId">Id of the front-end.</param>
    /// <exception cref="ArgumentException">It is no such id.</exception>
    public static string Create(string frontendId) => FrontendId.IsValid(frontendId)
        ? $"{frontendId}~{Guid.NewGuid():N}"
        : throw new ArgumentException($"'{frontendId}' is no id of a front-end, which is {FrontendId.Rule}.", nameof(frontendId));

    /// <summary>Whose client, or whose client's observer, it is.</summary>
    /// <param name="client">Identity of the client or the observer.</param>
    /// <returns>Id of the front-end; empty if it does not say so.</returns>
    public static ReadOnlySpan<byte> FrontendOf(GrainId client)
    {
        var key = client.Key.AsSpan();
        return key[..Math.Max(key.IndexOf(BeforeDigits), 0)];
    }
}
