namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>How lines of the access log look.</summary>
public enum AccessLogFormat
{
    /// <summary>An object of JSON, with all that is known.</summary>
    Json,

    /// <summary>The combined format that most tools read, without what it has no place for.</summary>
    Combined,
}
