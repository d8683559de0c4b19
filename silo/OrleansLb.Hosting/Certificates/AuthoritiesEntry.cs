using System.Security.Cryptography.X509Certificates;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Hosting.Certificates;

/// <summary>Some of the authorities that are configured.</summary>
/// <param name="name">What they are called among the certificates.</param>
/// <param name="path">A PEM file.</param>
public sealed class AuthoritiesEntry(string name, string path)
{
    /// <summary>What they are called in logs and metrics.</summary>
    public string Name => name;

    /// <summary>What their file held when it could last be read.</summary>
    public FileValue<X509Certificate2Collection> File { get; } = new([path], () => TrustedAuthorities.Read(path));
}
