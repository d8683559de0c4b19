namespace OrleansLb.EdgeBench.Contestants;

/// <summary>Who can be compared.</summary>
internal static class ContestantNames
{
    public const string OrleansLb = "orleanslb";
    public const string StockYarp = "stock-yarp";
    public const string Nginx = "nginx";
    public const string HAProxy = "haproxy";
    public const string Caddy = "caddy";

    /// <summary>All of them, in the order of the tables.</summary>
    public static string[] All { get; } = [OrleansLb, StockYarp, Nginx, HAProxy, Caddy];

    /// <summary>The program that each needs from the distribution's packages, and the package.</summary>
    public static IReadOnlyDictionary<string, (string Program, string Package)> Programs { get; } = new Dictionary<string, (string, string)>
    {
        [OrleansLb] = ("redis-server", "redis-server"),
        [Nginx] = ("nginx", "nginx-light"),
        [HAProxy] = ("haproxy", "haproxy"),
        [Caddy] = ("caddy", "caddy"),
    };
}
