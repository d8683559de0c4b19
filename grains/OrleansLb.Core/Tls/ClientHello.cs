using System.Buffers;

namespace OrleansLb.Core.Tls;

/// <summary>
/// The greeting of a client of TLS (RFC 8446, 4.1.2), as far as it says whether version 1.3 is offered. Read strictly: one that is almost right is left to whoever makes the handshake, and he says what is wrong with it.
/// </summary>
public static class ClientHello
{
    /// <summary>The longest greeting that is read, in bytes with the headers of its records: as long as the longest record. Those of browsers have 2 KiB.</summary>
    public const int Longest = 16 * 1024;

    private const int Greeting = 1;
    private const int LegacyVersion = 0x0303;
    private const int Tls13 = 0x0304;
    private const int SupportedVersions = 43;
    private const int RandomLength = 32;
    private const int LongestSession = 32;

    /// <summary>Looks at the beginning of a connection.</summary>
    /// <param name="said">What has come so far.</param>
    public static ClientHelloStep Read(in ReadOnlySequence<byte> said)
    {
        var step = ReadBounded(said.Length > Longest ? said.Slice(0, Longest) : said);
        return step == ClientHelloStep.NeedMore && said.Length >= Longest ? ClientHelloStep.Other : step;
    }

    private static ClientHelloStep ReadBounded(in ReadOnlySequence<byte> said)
    {
        var message = new HandshakeReader(said);
        if (!message.TryRead(1, out var type))
            return StepAt(message);
        if (type != Greeting)
            return ClientHelloStep.Other;
        if (!message.TryRead(3, out var length))
            return StepAt(message);
        if (length > Longest)
            return ClientHelloStep.Other;
        var end = message;
        if (!end.TrySkip(length))
            return StepAt(end);
        return OffersTls13(ref message, length) ? ClientHelloStep.Tls13 : ClientHelloStep.Other;
    }

    private static ClientHelloStep StepAt(in HandshakeReader message) => message.IsBroken ? ClientHelloStep.Other : ClientHelloStep.NeedMore;

    /// <summary>All of the greeting is there, so that whatever is missing now is missing in it.</summary>
    private static bool OffersTls13(ref HandshakeReader message, int length)
    {
        var end = message.Position + length;
        return message.TryRead(2, out var version) && version == LegacyVersion
            && message.TrySkip(RandomLength)
            && TrySkipList(ref message, lengthSize: 1, least: 0, most: LongestSession)
            && TrySkipList(ref message, lengthSize: 2, least: 2, most: Longest)
            && TrySkipList(ref message, lengthSize: 1, least: 1, most: byte.MaxValue)
            && message.TryRead(2, out var extensions) && message.Position + extensions == end
            && IsAmongExtensions(ref message, end);
    }

    private static bool TrySkipList(ref HandshakeReader message, int lengthSize, int least, int most) =>
        message.TryRead(lengthSize, out var length) && length >= least && length <= most && message.TrySkip(length);

    private static bool IsAmongExtensions(ref HandshakeReader message, int end)
    {
        bool? isOffered = null;
        while (message.Position < end)
        {
            if (!message.TryRead(2, out var type) || !message.TryRead(2, out var length) || message.Position + length > end)
                return false;
            if (type != SupportedVersions)
            {
                message.TrySkip(length);
                continue;
            }

            // Said twice it is no greeting (RFC 8446, 4.2).
            if (isOffered is not null || !TryReadVersions(ref message, length, out var isThere))
                return false;
            isOffered = isThere;
        }

        return isOffered == true;
    }

    private static bool TryReadVersions(ref HandshakeReader message, int length, out bool isThere)
    {
        isThere = false;
        if (!message.TryRead(1, out var versions) || versions != length - 1 || versions < 2 || versions % 2 != 0)
            return false;
        for (var at = 0; at < versions; at += 2)
        {
            message.TryRead(2, out var version);
            isThere |= version == Tls13;
        }

        return true;
    }
}
