using System.Net.Sockets;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansLb.LoadGenerator.Tls;

/// <summary>
/// The client's side of TLS on a socket, by OpenSSL itself: what the framework has on top of it waits on threads of its pool and costs more than the server that is measured. TLS 1.3 with
/// TLS_AES_128_GCM_SHA256 and X25519 and nothing else, so that every server does the same work, and no session is resumed: each handshake is a whole one. Nobody's certificate is doubted.
/// </summary>
internal sealed partial class TlsSession : IDisposable
{
    private const string Library = "libssl.so.3";
    private const string Ciphers = "TLS_AES_128_GCM_SHA256";
    private const string Groups = "X25519";
    private const int Tls13 = 0x0304;
    private const int SetMode = 33;
    private const int SetGroups = 92;
    private const int SetMinimumVersion = 123;
    // A write that waits is taken up again from wherever the collector has moved the bytes to by then.
    private const int PartialWrites = 0x1;
    private const int MovingBuffer = 0x2;
    private const int WantsRead = 2;
    private const int WantsWrite = 3;
    private const int Closed = 6;

    private static readonly Lazy<nint> Context = new(CreateContext);

    private readonly nint _session;

    /// <summary>On a socket that is connected; the handshake is made by the first send.</summary>
    public TlsSession(Socket socket)
    {
        _session = Checked(SSL_new(Context.Value));
        _ = Checked(SSL_set_fd(_session, (int)socket.SafeHandle.DangerousGetHandle()));
        SSL_set_connect_state(_session);
    }

    /// <summary>Whether OpenSSL is there.</summary>
    public static bool IsAvailable => NativeLibrary.TryLoad(Library, out _);

    /// <summary>Whether the socket must have room before it goes on; else something must come.</summary>
    public bool WaitsForRoom { get; private set; }

    /// <summary>Makes the handshake on a socket that may wait.</summary>
    /// <exception cref="IOException">The other side refused, or speaks something else.</exception>
    public void ShakeHands()
    {
        ERR_clear_error();
        var done = SSL_do_handshake(_session);
        if (done != 1)
            throw new IOException($"The TLS handshake failed: {Reason(SSL_get_error(_session, done))}");
    }

    /// <summary>Sends as much as there is room for.</summary>
    /// <returns>How much it was; 0 if the connection is broken, less than 0 if it must wait.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        ERR_clear_error();
        return Outcome(SSL_write(_session, in MemoryMarshal.GetReference(bytes), bytes.Length), out _);
    }

    /// <summary>Reads what has come, of one record.</summary>
    /// <returns>How much it was; 0 at the end, less than 0 if there is nothing yet.</returns>
    public int Receive(Span<byte> buffer, out string? failure)
    {
        ERR_clear_error();
        return Outcome(SSL_read(_session, ref MemoryMarshal.GetReference(buffer), buffer.Length), out failure);
    }

    /// <summary>Says that nothing more will come, without waiting for the answer.</summary>
    public void Dispose()
    {
        // After an error OpenSSL refuses to, which is right.
        _ = SSL_shutdown(_session);
        SSL_free(_session);
    }

    private int Outcome(int result, out string? failure)
    {
        (failure, WaitsForRoom) = (null, false);
        if (result > 0)
            return result;
        var error = SSL_get_error(_session, result);
        if (error is WantsRead or WantsWrite)
        {
            WaitsForRoom = error == WantsWrite;
            return -1;
        }

        failure = error == Closed ? null : Reason(error);
        return 0;
    }

    private static string Reason(int error)
    {
        var code = ERR_get_error();
        var text = new byte[256];
        ERR_error_string_n(code, ref text[0], (nuint)text.Length);
        return code == 0 ? $"OpenSSL's error {error}" : Encoding.ASCII.GetString(text).TrimEnd('\0');
    }

    private static nint CreateContext()
    {
        var context = Checked(SSL_CTX_new(TLS_client_method()));
        _ = Checked((int)SSL_CTX_ctrl(context, SetMinimumVersion, Tls13, 0));
        _ = Checked(SSL_CTX_set_ciphersuites(context, Ciphers));
        _ = SSL_CTX_ctrl(context, SetMode, PartialWrites | MovingBuffer, 0);
        var groups = Marshal.StringToCoTaskMemUTF8(Groups);
        _ = Checked((int)SSL_CTX_ctrl(context, SetGroups, 0, groups));
        Marshal.FreeCoTaskMem(groups);
        return context;
    }

    private static T Checked<T>(T result)
        where T : IBinaryInteger<T> =>
        result > T.Zero ? result : throw new IOException($"OpenSSL refuses: {Reason(0)}");

    [LibraryImport(Library)]
    private static partial nint TLS_client_method();

    [LibraryImport(Library)]
    private static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    private static partial nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SSL_CTX_set_ciphersuites(nint context, string ciphers);

    [LibraryImport(Library)]
    private static partial nint SSL_new(nint context);

    [LibraryImport(Library)]
    private static partial void SSL_free(nint session);

    [LibraryImport(Library)]
    private static partial int SSL_set_fd(nint session, int descriptor);

    [LibraryImport(Library)]
    private static partial void SSL_set_connect_state(nint session);

    [LibraryImport(Library)]
    private static partial int SSL_do_handshake(nint session);

    [LibraryImport(Library)]
    private static partial int SSL_write(nint session, ref readonly byte bytes, int count);

    [LibraryImport(Library)]
    private static partial int SSL_read(nint session, ref byte buffer, int count);

    [LibraryImport(Library)]
    private static partial int SSL_shutdown(nint session);

    [LibraryImport(Library)]
    private static partial int SSL_get_error(nint session, int result);

    [LibraryImport("libcrypto.so.3")]
    private static partial void ERR_clear_error();

    [LibraryImport("libcrypto.so.3")]
    private static partial nuint ERR_get_error();

    [LibraryImport("libcrypto.so.3")]
    private static partial void ERR_error_string_n(nuint code, ref byte text, nuint length);
}
