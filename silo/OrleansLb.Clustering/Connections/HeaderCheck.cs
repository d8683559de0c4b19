using System.Buffers;

namespace OrleansLb.Clustering.Connections;

/// <summary>Looks at the beginning of a message's header.</summary>
/// <param name="start">As much of the header as was wanted, or all of it.</param>
internal delegate bool HeaderCheck(in ReadOnlySequence<byte> start);
