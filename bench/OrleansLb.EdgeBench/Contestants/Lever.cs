namespace OrleansLb.EdgeBench.Contestants;

/// <summary>Something that is done for a front-end's speed, taken away or added.</summary>
/// <param name="Name">As tables call it.</param>
/// <param name="Settings">What is in the front-end's environment for it.</param>
internal sealed record Lever(string Name, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>Those whose worth is measured.</summary>
    public static IReadOnlyList<Lever> All { get; } =
    [
        Of("YARP's forwarder", ("OrleansLb__Frontend__Forwarder", "Yarp")),
        Of("completions on the pool", ("OrleansLb__Frontend__InlineCompletions", "false")),
        Of("threads spin", ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "46")),
        Of("all three", ("OrleansLb__Frontend__Forwarder", "Yarp"), ("OrleansLb__Frontend__InlineCompletions", "false"), ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "46")),
    ];

    private static Lever Of(string name, params (string Key, string Value)[] settings) => new(name, settings.ToDictionary(static setting => setting.Key, static setting => setting.Value));
}
