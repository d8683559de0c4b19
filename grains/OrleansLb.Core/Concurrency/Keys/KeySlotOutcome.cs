namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>What came of a request that had to wait for a slot of its key.</summary>
public enum KeySlotOutcome
{
    /// <summary>It has its slots.</summary>
    Entered,

    /// <summary>It has slots of this front-end's share: the cluster does not answer.</summary>
    EnteredAlone,

    /// <summary>All slots are in use, and no more may wait or it waited for as long as it may.</summary>
    Refused,

    /// <summary>The same of this front-end's share.</summary>
    RefusedAlone,

    /// <summary>Nobody could decide in time, or this front-end has too many keys in use.</summary>
    Unavailable,

    /// <summary>Its client went away.</summary>
    Left,
}
