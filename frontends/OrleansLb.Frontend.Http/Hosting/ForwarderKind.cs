namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>Who carries requests to backends.</summary>
public enum ForwarderKind
{
    /// <summary>OrleansLb's own, for plain HTTP/1.1 to the backend; YARP's for all else.</summary>
    Direct,

    /// <summary>YARP's, for all.</summary>
    Yarp,
}
