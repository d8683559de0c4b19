namespace OrleansLb.Clustering.Names;

/// <summary>Has silos know which front-end a client belongs to.</summary>
public static class ClientNameExtensions
{
    /// <summary>Has an Orleans client be that of a front-end. Where the front-end's certificate has its id, it needs this to come in.</summary>
    /// <param name="client">The client.</param>
    /// <param name="frontendId">Id of the front-end, <c>OrleansLb:Frontend:Id</c>.</param>
    /// <exception cref="ArgumentException">It is no such id.</exception>
    public static IClientBuilder UseFrontendName(this IClientBuilder client, string frontendId)
    {
        NamedClient.Name(client.Services, frontendId);
        return client;
    }
}
