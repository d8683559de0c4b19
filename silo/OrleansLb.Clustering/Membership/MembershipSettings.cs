using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Hosting.Ports;

namespace OrleansLb.Clustering.Membership;

/// <summary>Reads what Orleans needs before the host, and with it the options system, exists.</summary>
public static class MembershipSettings
{
    /// <summary>Reads and checks the section.</summary>
    /// <param name="configuration">Configuration of the process.</param>
    /// <exception cref="StartupException">All that is wrong with it.</exception>
    public static MembershipOptions Read(IConfiguration configuration)
    {
        var options = new MembershipOptions();
        configuration.GetSection(MembershipOptions.SectionName).Bind(options);
        var errors = RangeErrors(options).ToList();
        var result = new MembershipOptionsValidator().Validate(null, options);
        errors.AddRange(result.Failures ?? []);
        if (errors.Count > 0)
            throw new StartupException(errors);

        if (options.Name.Length == 0)
            options.Name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{options.SiloPort}");
        return options;
    }

    /// <summary>Makes sure that no other silo has this one's ports; hold the reservations as long as the process lives.</summary>
    /// <param name="options">Checked options.</param>
    /// <exception cref="StartupException">A port is in use.</exception>
    public static IReadOnlyList<PortReservation> ReservePorts(MembershipOptions options)
    {
        var address = IPAddress.Parse(options.AdvertisedAddress);
        return
        [
            PortReservation.Reserve(new IPEndPoint(address, options.SiloPort), $"{MembershipOptions.SectionName}:{nameof(options.SiloPort)}"),
            PortReservation.Reserve(new IPEndPoint(address, options.GatewayPort), $"{MembershipOptions.SectionName}:{nameof(options.GatewayPort)}"),
        ];
    }

    private static IEnumerable<string> RangeErrors(MembershipOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.Select(static result => $"{MembershipOptions.SectionName}:{result.MemberNames.FirstOrDefault()} {result.ErrorMessage}");
    }
}
