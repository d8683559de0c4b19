using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Rollbacks;

/// <summary>Reads when a version is taken back because requests fail under it.</summary>
internal static class RollbackReader
{
    public const string Enabled = "Enabled";

    private static readonly RollbackDefinition Defaults = new();

    /// <summary>Reads.</summary>
    /// <param name="root">The root of the document.</param>
    /// <param name="problems">Where mistakes go.</param>
    /// <returns><see langword="null"/> when no version is taken back.</returns>
    public static RollbackDefinition? Read(SettingsNode root, Problems problems)
    {
        if (root.Find(SettingsDocument.RollbackSection) is not { HasChildren: true } section)
            return null;
        if (!(section.Text(Enabled) is { } said && bool.Parse(said)))
        {
            if (section.Text(Enabled) is null && !section.WasRemoved(Enabled))
                problems.Warn(section.Path, $"has no effect without {Enabled}");
            return null;
        }

        return new RollbackDefinition
        {
            Window = section.Time(nameof(Defaults.Window)) ?? Defaults.Window,
            MaxRisePercent = section.Number(nameof(Defaults.MaxRisePercent)) ?? Defaults.MaxRisePercent,
            MinRequests = section.Whole(nameof(Defaults.MinRequests)) ?? Defaults.MinRequests,
            FailureStatuses = section.Text(nameof(Defaults.FailureStatuses)) is { } text && HttpStatusSet.TryParse(text, out var statuses) ? statuses : Defaults.FailureStatuses,
        };
    }
}
