using System.ComponentModel.DataAnnotations;
using OrleansLb.Contracts.Frontends;

namespace OrleansLb.Frontend;

/// <summary>Who this front-end is and where it keeps what it must survive with.</summary>
public sealed class FrontendOptions
{
    public const string SectionName = "OrleansLb:Frontend";

    /// <summary>Name of this front-end, unique in the cluster and stable across restarts.</summary>
    /// <value>Default: the machine's name and the data port, as <c>host-8080</c>.</value>
    [Required, RegularExpression(FrontendId.Pattern, ErrorMessage = "must be " + FrontendId.Rule)]
    public string Id { get; set; } = "";

    /// <summary>Folder of the last good configuration, from which the front-end starts when no silo answers.</summary>
    /// <value>Default: <c>orleanslb-data/</c> and the id, in the working directory. Created with mode 0700.</value>
    [Required]
    public string DataDirectory { get; set; } = "";

    /// <summary>Where this front-end stands, as the <c>Zone</c> of backends says it of them; matters to pools with a <c>ZonePreference</c>.</summary>
    /// <value>Default: nothing, which is the zone of backends that name none.</value>
    [RegularExpression("^[A-Za-z0-9._/-]{0,64}$", ErrorMessage = "must be at most 64 letters, digits, dots, dashes, slashes or underscores")]
    public string Zone { get; set; } = "";

    /// <summary>File of a database of countries in MaxMind's format, which routes with lists of countries need. Another file in its place is read within 10 seconds.</summary>
    /// <value>Default: none.</value>
    public string CountryDatabase { get; set; } = "";

    /// <summary>Fills in what depends on other settings.</summary>
    /// <param name="defaultId">Id unless one is configured.</param>
    internal void ApplyDefaults(string defaultId)
    {
        if (Id.Length == 0)
            Id = defaultId;
        if (DataDirectory.Length == 0)
            DataDirectory = Path.Combine("orleanslb-data", Id);
    }
}
