namespace OrleansLb.Contracts;

/// <summary>Who has reason to call a method of a grain.</summary>
public enum Caller
{
    /// <summary>Silos alone: their grains, and the status API on behalf of administrators.</summary>
    Silo,

    /// <summary>Front-ends, and applications that only use limits; silos may as well.</summary>
    Frontend,
}
