using System.IO.Pipelines;

namespace OrleansLb.Clustering.Connections;

/// <summary>Both ways of a connection whose other side is watched.</summary>
internal sealed class WatchedTransport(IDuplexPipe inner, Silence silence) : IDuplexPipe
{
    public PipeReader Input { get; } = new ListeningReader(inner.Input, silence);

    public PipeWriter Output { get; } = new AskingWriter(inner.Output, silence);
}
