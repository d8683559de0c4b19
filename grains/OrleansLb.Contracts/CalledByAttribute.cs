namespace OrleansLb.Contracts;

/// <summary>
/// Says who calls a method. Where the processes of a cluster have certificates, silos refuse every call of a front-end that is not to a method for front-ends: what strangers talk to all day
/// cannot do what an administrator can. A method without it is for silos alone.
/// </summary>
/// <param name="caller">Who calls it.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CalledByAttribute(Caller caller) : Attribute
{
    /// <summary>Who calls it.</summary>
    public Caller Caller => caller;
}
