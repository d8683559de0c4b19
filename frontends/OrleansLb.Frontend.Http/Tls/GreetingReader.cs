using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Core.Tls;
using OrleansLb.Frontend.Http.Hosting;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>
/// Hears whether a client offers TLS 1.3, which .NET does not tell when it asks for the handshake. The handshake is given the greeting as a whole and reads it from here: all of it is within the time of the handshake, and what goes wrong is the handshake's.
/// </summary>
internal sealed class GreetingReader(PipeReader inner) : PipeReader
{
    private ClientHelloStep _step = ClientHelloStep.NeedMore;

    /// <summary>Has a listener's connections heard; right before TLS.</summary>
    public static void ApplyTo(ListenOptions listener) => listener.Use(next => connection =>
    {
        var reader = new GreetingReader(connection.Transport.Input);
        connection.Transport = new GuardedTransport(reader, connection.Transport.Output);
        connection.Features.Set(reader);
        return next(connection);
    });

    /// <summary>Whether the client has offered TLS 1.3.</summary>
    /// <param name="connection">What its connection has.</param>
    public static bool HasHeardTls13(IFeatureCollection connection) => connection.Get<GreetingReader>()?._step == ClientHelloStep.Tls13;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _step == ClientHelloStep.NeedMore ? Hear(cancellationToken) : inner.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> Hear(CancellationToken cancellation)
    {
        while (true)
        {
            var result = await inner.ReadAsync(cancellation);
            _step = ClientHello.Read(result.Buffer);
            // Whatever is missing then does not come, or not at the beginning any more.
            if (_step == ClientHelloStep.NeedMore && (result.IsCompleted || result.IsCanceled))
                _step = ClientHelloStep.Other;
            if (_step != ClientHelloStep.NeedMore)
                return result;
            inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
