using System.Security.Cryptography.X509Certificates;
using OrleansLb.Frontend.Http.Files;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Some of the authorities that are configured.</summary>
/// <param name="name">What they are called among the certificates.</param>
/// <param name="path">A PEM file.</param>
internal sealed class AuthoritiesEntry(string name, string path)
{
    public string Name => name;

    public FileValue<X509Certificate2Collection> File { get; } = new([path], () => TrustedAuthorities.Read(path));
}
