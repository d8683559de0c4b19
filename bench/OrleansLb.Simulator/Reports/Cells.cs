using System.Globalization;
using OrleansLb.Simulation.Statistics;

namespace OrleansLb.Simulator.Reports;

/// <summary>How figures are written.</summary>
internal static class Cells
{
    /// <summary>A time in service times.</summary>
    public static string Time(double time) => time.ToString(time < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);

    /// <summary>A mean time with its uncertainty.</summary>
    public static string Time(Estimate time) => time.ToString("0.000");

    /// <summary>A ratio.</summary>
    public static string Ratio(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A ratio with its uncertainty.</summary>
    public static string Ratio(Estimate ratio) => ratio.ToString("0.000");

    /// <summary>A plain number.</summary>
    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
