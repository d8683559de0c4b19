namespace OrleansLb.Reports;

/// <summary>Figures to look at.</summary>
public interface IPicture
{
    /// <summary>Draws it, as a PNG file.</summary>
    byte[] ToPng();
}
