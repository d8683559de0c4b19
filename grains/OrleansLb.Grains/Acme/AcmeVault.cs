using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core.Secrets;

namespace OrleansLb.Grains.Acme;

/// <summary>Seals private keys before they are stored, by the key that the silo has in a file.</summary>
internal sealed partial class AcmeVault
{
    /// <summary>Why nothing can be sealed.</summary>
    public const string Missing = "certificates are ordered, and the file is missing by whose 32 bytes private keys are sealed before they are stored; make one, as by head -c 32 /dev/urandom, and give it to all silos";

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly SecretBox? _box;

    /// <summary>Reads the keys.</summary>
    /// <param name="options">Where they are; that they can be read was checked before.</param>
    /// <param name="logger">Is told of keys that others can read.</param>
    public AcmeVault(IOptions<AcmeClientOptions> options, ILogger<AcmeVault> logger)
    {
        var (current, previous) = (options.Value.SealingKey, options.Value.PreviousSealingKey);
        foreach (var path in new[] { current, previous }.OfType<string>().Where(static path => (File.GetUnixFileMode(path) & Others) != 0))
            LogReadable(logger, path);
        if (current is not null)
            _box = new SecretBox(Read(current), previous is null ? null : Read(previous));
    }

    /// <summary>Whether there is a key.</summary>
    public bool HasKey => _box is not null;

    private SecretBox Box => _box ?? throw new InvalidOperationException(Missing);

    /// <summary>Seals a secret.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="name">What it is.</param>
    public byte[] Seal(ReadOnlySpan<byte> secret, string name) => Box.Seal(secret, name, RandomNumberGenerator.GetBytes(SecretBox.NonceLength));

    /// <summary>Opens what was sealed.</summary>
    /// <param name="box">What was stored.</param>
    /// <param name="name">What it is.</param>
    /// <exception cref="CryptographicException">It was sealed by a key that this silo does not have, or is damaged.</exception>
    public byte[] Open(byte[] box, string name) => Box.Open(box, name)
        ?? throw new CryptographicException($"what is stored as {name} cannot be opened: it was sealed by a key that is neither {nameof(AcmeClientOptions.SealingKey)} nor {nameof(AcmeClientOptions.PreviousSealingKey)} of this silo, or is damaged");

    /// <summary>What was sealed by the key before the present one, sealed by this one; <see langword="null"/> when it is.</summary>
    /// <param name="box">What was stored.</param>
    /// <param name="name">What it is.</param>
    /// <exception cref="CryptographicException">It was sealed by a key that this silo does not have, or is damaged.</exception>
    public byte[]? SealAnew(byte[] box, string name)
    {
        var secret = Open(box, name);
        var renewed = Box.IsCurrent(box) ? null : Seal(secret, name);
        CryptographicOperations.ZeroMemory(secret);
        return renewed;
    }

    /// <summary>Reads a key.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static byte[] Read(string path) => File.ReadAllBytes(path) is { Length: SecretBox.KeyLength } key
        ? key
        : throw new InvalidDataException($"{path} does not have {SecretBox.KeyLength} bytes, which a key has; make one as by head -c {SecretBox.KeyLength} /dev/urandom");
}
