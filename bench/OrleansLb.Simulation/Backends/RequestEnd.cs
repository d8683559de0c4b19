namespace OrleansLb.Simulation.Backends;

internal enum RequestEnd
{
    /// <summary>The backend served it.</summary>
    Answered,

    /// <summary>Its backend failed it.</summary>
    Failed,

    /// <summary>Its front-end died.</summary>
    Lost,
}
