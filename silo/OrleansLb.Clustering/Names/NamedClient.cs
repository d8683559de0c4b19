using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansLb.Clustering.Names;

/// <summary>
/// Gives an Orleans client an identity of our own. Orleans makes it in the constructor of a service that it keeps to itself, and has no setting for it: the service is made as Orleans does, and then told another one.
/// A test with a real client holds it.
/// </summary>
internal sealed class NamedClient
{
    private const string Details = "Orleans.LocalClientDetails";
    private const string Identity = "ClientId";

    private readonly Type _details;
    private readonly FieldInfo _identity;
    private readonly MethodInfo _create;

    private NamedClient(Type details, FieldInfo identity, MethodInfo create) => (_details, _identity, _create) = (details, identity, create);

    /// <summary>Names the client.</summary>
    /// <param name="services">Services of the client, Orleans' own among them.</param>
    /// <param name="frontendId">Id of the front-end whose client it is.</param>
    /// <exception cref="InvalidOperationException">Orleans makes identities in another way than it did.</exception>
    /// <exception cref="ArgumentException">It is no such id.</exception>
    public static void Name(IServiceCollection services, string frontendId)
    {
        var own = services.SingleOrDefault(static service => service.ServiceType.FullName == Details) ?? throw Changed();
        var client = Of(own.ServiceType);
        var identity = ClientName.Create(frontendId);
        services.Remove(own);
        services.Add(ServiceDescriptor.Singleton(own.ServiceType, provider => client.Make(provider, identity)));
    }

    private static NamedClient Of(Type details)
    {
        var identity = details.GetField($"<{Identity}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) ?? throw Changed();
        var create = identity.FieldType.GetMethod("Create", BindingFlags.Static | BindingFlags.Public, [typeof(string)]) ?? throw Changed();
        return new NamedClient(details, identity, create);
    }

    private static InvalidOperationException Changed() =>
        new($"This version of Orleans has no {Details} whose {Identity} can be set, by which silos know the front-end that a client belongs to. OrleansLb needs the version of Orleans that it was built with.");

    private object Make(IServiceProvider services, string identity)
    {
        var details = ActivatorUtilities.CreateInstance(services, _details);
        _identity.SetValue(details, _create.Invoke(null, [identity]));
        return details;
    }
}
