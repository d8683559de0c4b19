using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Stands for a user and a password in memory, and cannot be turned back: it is hashed with a key that only this process has, for as long as it lives.</summary>
internal readonly record struct PasswordKey(UInt128 First, UInt128 Second)
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>The key of a user and a password; what is between them is in no user.</summary>
    public static PasswordKey Of(string user, string password)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes($"{user}:{password}"), hash);
        var halves = MemoryMarshal.Cast<byte, UInt128>(hash);
        return new PasswordKey(halves[0], halves[1]);
    }
}
