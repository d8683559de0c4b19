using System.Globalization;

namespace OrleansLb.Configuration.Settings;

/// <summary>Reads values that a shape has found well-formed.</summary>
internal static class SettingsValues
{
    public static int? Whole(this SettingsNode? section, string key) =>
        section?.Child(key)?.Value is { } value ? int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    public static double? Number(this SettingsNode? section, string key) =>
        section?.Child(key)?.Value is { } value ? double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    public static TimeSpan? Time(this SettingsNode? section, string key) =>
        section?.Child(key)?.Value is { } value ? TimeSpan.ParseExact(value, "c", CultureInfo.InvariantCulture) : null;

    public static TEnum? Choice<TEnum>(this SettingsNode? section, string key) where TEnum : struct, Enum =>
        section?.Child(key)?.Value is { } value ? Enum.Parse<TEnum>(value, ignoreCase: true) : null;

    public static string? Text(this SettingsNode? section, string key) => section?.Child(key)?.Value;
}
