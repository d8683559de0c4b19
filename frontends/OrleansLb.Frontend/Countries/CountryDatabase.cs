using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core.Networks;
using OrleansLb.Hosting.Settings;

namespace OrleansLb.Frontend.Countries;

/// <summary>
/// Tells the country of an address by the newest database that could be read. One that disappears or is damaged later does not end what is known; it is
/// said in the log, in the readiness detail and in a metric. Thread-safe.
/// </summary>
public sealed partial class CountryDatabase
{
    private readonly string _path;
    private readonly CountryMetrics _metrics;
    private readonly ILogger _logger;
    private volatile CountryFile? _file;
    private volatile string? _fault;
    private FileStamp _used;

    /// <summary>Reads the database where one is configured.</summary>
    /// <param name="options">Says where it is; that it can be read was checked before.</param>
    /// <param name="metrics">Counts what comes of reading it.</param>
    /// <param name="logger">Log.</param>
    internal CountryDatabase(IOptions<FrontendOptions> options, CountryMetrics metrics, ILogger<CountryDatabase> logger)
    {
        var path = options.Value.CountryDatabase;
        (_path, _metrics, _logger) = (path.Length == 0 ? "" : Path.GetFullPath(path), metrics, logger);
        Refresh();
    }

    /// <summary>Whether a database is configured.</summary>
    public bool IsConfigured => _path.Length > 0;

    /// <summary>What is wrong with the file that is there now; <see langword="null"/> when it is in use and sound.</summary>
    public string? Fault => _fault ?? (_file is { IsDamaged: true } ? "it is damaged, and some addresses are in no country that can be told" : null);

    /// <summary>When the publisher made the database in use; <see langword="null"/> without one.</summary>
    public DateTimeOffset? Built => _file?.Built;

    /// <summary>Finds the country of an address.</summary>
    /// <param name="address">The address; a connection without one is in no country.</param>
    /// <param name="country">The country; the default for an address of none.</param>
    /// <returns>False when nothing can tell: there is no database, or it is damaged at this place.</returns>
    public bool TryFind(IPAddress? address, out CountryCode country)
    {
        country = default;
        if (_file is not { } file)
            return false;
        if (address is null)
            return true;
        var isFound = file.TryFind(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, out country, out var isFirstFault);
        if (isFirstFault)
            LogDamaged(_logger, _path);
        return isFound;
    }

    /// <summary>Reads the file if it is another one than that in use. For one caller at a time.</summary>
    internal void Refresh()
    {
        if (!IsConfigured)
            return;
        var found = FileStamp.Of(_path);
        if (found != default && found == _used)
            return;
        try
        {
            _file = CountryFile.Read(_path);
            _used = found;
            _fault = null;
            _metrics.Read(succeeded: true);
            LogRead(_logger, _path, _file.Built);
        }
        catch (CountryFileException exception)
        {
            Failed(exception.Message);
        }
    }

    // Once for each reason: what is tried every few seconds would fill the log.
    private void Failed(string reason)
    {
        if (reason == _fault)
            return;
        _fault = reason;
        _metrics.Read(succeeded: false);
        LogNotRead(_logger, _path, reason);
    }
}
