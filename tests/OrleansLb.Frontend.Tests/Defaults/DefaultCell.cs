using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansLb.Frontend.Tests.Defaults;

/// <summary>Compares what a page says with a value.</summary>
internal static partial class DefaultCell
{
    private static readonly Dictionary<string, double> Times = new()
    {
        ["ms"] = 0.001,
        ["s"] = 1,
        ["min"] = 60,
        ["h"] = 3_600,
        ["days"] = 86_400,
    };

    private static readonly Dictionary<string, double> Numbers = new()
    {
        [""] = 1,
        ["%"] = 1,
        ["KiB"] = 1_024,
        ["MiB"] = 1_048_576,
        ["MB"] = 1_000_000,
    };

    /// <summary>Whether a cell says a value.</summary>
    public static bool Says(string cell, object? value) => value switch
    {
        null or "" => cell is "none" or "off",
        bool isOn => cell == (isOn ? "on" : "off"),
        TimeSpan time => Amount(cell, Times) is { } seconds && TimeSpan.FromSeconds(seconds) == time,
        int or long or double => Amount(cell, Numbers) is { } number && Math.Abs(number - Convert.ToDouble(value, CultureInfo.InvariantCulture)) < 0.001,
        IEnumerable<string> list when !list.Any() => cell == "none",
        IEnumerable<string> list => Plain(cell) == string.Join(", ", list),
        _ => Plain(cell) == value.ToString(),
    };

    /// <summary>A value as text, for people.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "nothing",
        IEnumerable<string> list => $"[{string.Join(", ", list)}]",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static string Plain(string cell) => cell.Replace("`", "", StringComparison.Ordinal);

    private static double? Amount(string cell, Dictionary<string, double> units) =>
        Quantity().Match(cell) is { Success: true } match && units.TryGetValue(match.Groups["unit"].Value, out var unit)
            ? double.Parse(match.Groups["number"].Value, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * unit
            : null;

    [GeneratedRegex(@"^(?<number>\d[\d,.]*)(?: (?<unit>\S+))?$")]
    private static partial Regex Quantity();
}
