namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Words that YARP gives a meaning of its own where a route names a policy.</summary>
internal static class ReservedNames
{
    /// <summary>The policy that the process says is meant.</summary>
    public const string Default = "Default";

    /// <summary>Nobody is asked who it is.</summary>
    public const string Anonymous = "Anonymous";

    /// <summary>Nothing is said of other origins.</summary>
    public const string Disable = "Disable";

    public static bool IsOfAuthorization(string name) => Is(name, Default) || Is(name, Anonymous);

    public static bool IsOfCors(string name) => Is(name, Default) || Is(name, Disable);

    public static bool Is(string name, string word) => string.Equals(name, word, StringComparison.OrdinalIgnoreCase);
}
