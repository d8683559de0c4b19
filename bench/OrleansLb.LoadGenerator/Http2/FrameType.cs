namespace OrleansLb.LoadGenerator.Http2;

/// <summary>Frames of HTTP/2 that mean something to the backend (RFC 9113, section 6).</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    WindowUpdate = 8,
    Continuation = 9,
}
