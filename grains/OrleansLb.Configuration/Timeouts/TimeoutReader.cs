using System.Globalization;
using OrleansLb.Configuration.Proxy;
using OrleansLb.Configuration.Settings;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Timeouts;

/// <summary>
/// Gives routes the time of the policy that they name in YARP's <c>TimeoutPolicy</c>. YARP knows policies that were registered when the process started; ours are the cluster's, and what is left of
/// them in a route is a time.
/// </summary>
internal sealed class TimeoutReader
{
    public const string Policies = "Policies";
    public const string Default = "Default";
    public const string Timeout = "Timeout";
    public const string StatusCode = "TimeoutStatusCode";

    // The word of YARP's own for no time at all; the other one, for what holds where nothing is named, is that of our key.
    private const string Disable = "Disable";

    private readonly Dictionary<string, (TimeSpan? Time, int? Status)> _policies = new(StringComparer.OrdinalIgnoreCase);
    private readonly Problems _problems;
    private readonly string? _default;

    public TimeoutReader(SettingsNode root, Problems problems)
    {
        _problems = problems;
        var section = root.Find(SettingsDocument.TimeoutsSection);
        foreach (var policy in section?.Child(Policies)?.Children ?? [])
            Read(policy);
        if (section?.Child(Default) is not { Value: { Length: > 0 } name } key)
            return;
        if (_policies.ContainsKey(name))
            _default = name;
        else
            problems.Error(key.Path, Unknown(name));
    }

    /// <summary>Whether a name is the word for no time at all.</summary>
    public static bool IsNone(string? name) => Disable.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The route with its policy's time in the place of the policy.</summary>
    public RouteConfig Compile(RouteConfig route)
    {
        var path = $"ReverseProxy:Routes:{route.RouteId}";
        if (IsNone(route.TimeoutPolicy))
            return route;
        if (string.IsNullOrEmpty(route.TimeoutPolicy))
            return route.Timeout is null ? With(route, _default) : route;
        if (route.Timeout is { } time)
            _problems.Error($"{path}:{nameof(RouteConfig.Timeout)}", $"Route '{route.RouteId}' has both a Timeout '{time:c}' and TimeoutPolicy '{route.TimeoutPolicy}'.");
        if (IsDefault(route.TimeoutPolicy))
            return With(route, _default);
        if (_policies.ContainsKey(route.TimeoutPolicy))
            return With(route, route.TimeoutPolicy);
        _problems.Error($"{path}:{nameof(RouteConfig.TimeoutPolicy)}", Unknown(route.TimeoutPolicy));
        return route;
    }

    private RouteConfig With(RouteConfig route, string? name)
    {
        var (time, status) = name is null ? default : _policies[name];
        var timed = route with { Timeout = time, TimeoutPolicy = null };
        return status is { } other ? RouteCompiler.With(timed, RouteMetadataKeys.TimeoutStatus, other.ToString(CultureInfo.InvariantCulture)) : timed;
    }

    private void Read(SettingsNode policy)
    {
        if (IsDefault(policy.Key) || IsNone(policy.Key))
            _problems.Error(policy.Path, $"{Quote.Value(policy.Key)} has a meaning of its own as a route's TimeoutPolicy; choose another name");
        var time = policy.Time(Timeout);
        if (time is null && !policy.WasRemoved(Timeout))
            _problems.Error($"{policy.Path}:{Timeout}", "must say how long a request may take; it is missing");
        _policies[policy.Key] = (time, policy.Whole(StatusCode));
    }

    private string Unknown(string name) => $"unknown policy {Quote.Value(name)}; known: {Quote.Names(_policies.Keys)}";

    private static bool IsDefault(string name) => Default.Equals(name, StringComparison.OrdinalIgnoreCase);
}
