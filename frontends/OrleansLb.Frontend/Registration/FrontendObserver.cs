using OrleansLb.Contracts.Frontends;

namespace OrleansLb.Frontend.Registration;

/// <summary>Takes the silos' pushes and hands each to the part it concerns.</summary>
internal sealed class FrontendObserver(IServedConfiguration served) : IFrontendObserver
{
    public Task ConfigurationChanged(long version)
    {
        served.Offer(version);
        return Task.CompletedTask;
    }
}
