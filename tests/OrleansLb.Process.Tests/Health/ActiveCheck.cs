using System.Text.Json.Nodes;

namespace OrleansLb.Process.Tests.Health;

/// <summary>A pool of a backend <c>steady</c> and a backend <c>doubtful</c> whose check fails when it is told to, while it goes on serving requests.</summary>
/// <param name="Kind">The kind of check, and name of the pool.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Break">Has the check fail.</param>
/// <param name="Mend">Has it succeed again.</param>
/// <param name="Evidence">How the failure is told of.</param>
internal sealed record ActiveCheck(string Kind, JsonObject Pool, Func<Task> Break, Func<Task> Mend, string Evidence)
{
    public const string Steady = "steady";
    public const string Doubtful = "doubtful";

    /// <summary>How probes are described in <see cref="Pool"/>.</summary>
    public static JsonObject ProbeOf(JsonObject pool) => pool["OrleansLb"]!["HealthCheck"]!.AsObject();
}
