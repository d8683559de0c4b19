namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Kept with a request that was asked who it is before its limits, so that it is not asked again after them.</summary>
internal sealed class EarlyAuthentication
{
    public static readonly EarlyAuthentication Done = new();

    private EarlyAuthentication()
    {
    }
}
