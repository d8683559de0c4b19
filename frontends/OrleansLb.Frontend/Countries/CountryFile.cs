using System.Net;
using MaxMind.Db;
using OrleansLb.Core.Networks;

namespace OrleansLb.Frontend.Countries;

/// <summary>One database of countries in MaxMind's format, in memory as a whole, so that whoever replaces the file disturbs no lookup.</summary>
internal sealed class CountryFile
{
    /// <summary>A database that names none in so many of its networks names none where we look.</summary>
    private const int MostNetworksWithoutCountry = 10_000;

    // Cities know their country as well.
    private static readonly string[] KnownTypes = ["Country", "City", "Enterprise"];

    private readonly Reader _reader;
    private int _isDamaged;

    private CountryFile(Reader reader)
    {
        _reader = reader;
        Built = reader.Metadata.BuildDate;
    }

    // The reader's memory is none that a collector sees, and only the last lookup knows when it is free.
    ~CountryFile() => _reader.Dispose();

    /// <summary>When its publisher made it.</summary>
    public DateTimeOffset Built { get; }

    /// <summary>Whether a lookup met damage.</summary>
    public bool IsDamaged => Volatile.Read(ref _isDamaged) != 0;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CountryFileException">It cannot be read, or is no database of countries.</exception>
    public static CountryFile Read(string path)
    {
        Reader? reader = null;
        try
        {
            // First as a whole: a file that is being written changes while it is read.
            reader = new Reader(new MemoryStream(File.ReadAllBytes(path), writable: false));
            if (FaultOf(reader) is { } fault)
                throw new CountryFileException(fault);
            return new CountryFile(reader);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever a damaged file makes of the reader, it is the file's fault and not the process'.
            reader?.Dispose();
            throw exception as CountryFileException ?? new CountryFileException(exception.Message, exception);
        }
    }

    /// <summary>Finds the country of an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="country">The country; the default for an address of none.</param>
    /// <param name="isFirstFault">Whether this is the first lookup that met damage.</param>
    /// <returns>False when the database is damaged at this place.</returns>
    public bool TryFind(IPAddress address, out CountryCode country, out bool isFirstFault)
    {
        country = default;
        isFirstFault = false;
        try
        {
            _ = CountryCode.TryParse(_reader.Find<CountryRecord>(address)?.Country?.IsoCode, out country);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Offsets of a damaged file lead anywhere.
            isFirstFault = Interlocked.Exchange(ref _isDamaged, 1) == 0;
            return false;
        }
        finally
        {
            GC.KeepAlive(this);
        }
    }

    private static string? FaultOf(Reader reader)
    {
        var type = reader.Metadata.DatabaseType ?? "unknown";
        if (!Array.Exists(KnownTypes, known => type.Contains(known, StringComparison.OrdinalIgnoreCase)))
            return $"it is a database of type {type}, not of countries";
        if (reader.Metadata.IPVersion != 6)
            return "it knows IPv4 addresses only, and would take those of IPv6 for others";
        var networks = reader.FindAll<CountryRecord>(cacheSize: 1).Take(MostNetworksWithoutCountry);
        return networks.Any(static network => CountryCode.TryParse(network.Data.Country?.IsoCode, out _)) ? null : "its networks have no country.iso_code";
    }
}
