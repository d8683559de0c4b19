namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>How the copy of a body ended, and by what.</summary>
internal readonly record struct CopyResult(CopyEnd End, Exception? Exception)
{
    public bool IsFailure => End is CopyEnd.SourceFailed or CopyEnd.SinkFailed;
}
