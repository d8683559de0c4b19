using System.Diagnostics.CodeAnalysis;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads when requests of a pool are sent to another backend.</summary>
internal static class RetryReader
{
    public const string Key = "Retry";
    public const string OnKey = "On";
    public const string ConnectFailure = "ConnectFailure";
    public const string Reset = "Reset";

    /// <summary>The lowest status that can be a failure.</summary>
    public const int LeastStatus = 400;

    /// <summary>The highest status.</summary>
    public const int MostStatus = 599;

    public static RetryDefinition Read(string clusterId, SettingsNode root)
    {
        var defaults = RetryDefinition.Default;
        if (root.Find($"ReverseProxy:Clusters:{clusterId}:OrleansLb:{Key}") is not { } ours)
            return defaults;
        var on = ours.Child(OnKey) is { } list ? list.Children.Select(static child => child.Value ?? "").ToArray() : [ConnectFailure, Reset];
        return new RetryDefinition
        {
            MaxAttempts = ours.Whole(nameof(defaults.MaxAttempts)) ?? defaults.MaxAttempts,
            OnConnectFailure = on.Contains(ConnectFailure, StringComparer.OrdinalIgnoreCase),
            OnReset = on.Contains(Reset, StringComparer.OrdinalIgnoreCase),
            OnStatuses = HttpStatusSet.TryParse(string.Join(',', on.Where(static each => !IsName(each))), out var statuses) ? statuses : null,
            MaxBodySize = ours.Whole(nameof(defaults.MaxBodySize)) ?? defaults.MaxBodySize,
            BudgetPercent = ours.Whole(nameof(defaults.BudgetPercent)) ?? defaults.BudgetPercent,
            MinRetriesPerSecond = ours.Whole(nameof(defaults.MinRetriesPerSecond)) ?? defaults.MinRetriesPerSecond,
        };
    }

    /// <summary>Whether a value says upon what a request is sent again.</summary>
    /// <param name="value">The value.</param>
    public static bool IsCondition(string value) => IsName(value) || IsStatus(value);

    private static bool IsName([NotNullWhen(true)] string? value) =>
        string.Equals(value, ConnectFailure, StringComparison.OrdinalIgnoreCase) || string.Equals(value, Reset, StringComparison.OrdinalIgnoreCase);

    // What is below the least failure is no failure, also as the end of a range.
    private static bool IsStatus(string value) => HttpStatusSet.TryParse(value, out var set) && !Enumerable.Range(100, LeastStatus - 100).Any(set.Contains);
}
