using System.Numerics;

namespace OrleansLb.Core.Balancing;

/// <summary>How <see cref="LeastLoad"/> sees the loads of some backends: one by one, and as many at once as the processor's wide registers hold.</summary>
internal interface ILoadSight
{
    /// <summary>What a backend has in flight, with the part of the request to place that counts and its share of the unseen ones.</summary>
    /// <param name="index">The backend.</param>
    double Load(int index);

    /// <summary>The same of a block of backends.</summary>
    /// <param name="block">The block.</param>
    Vector<double> Loads(int block);

    /// <summary>What the unseen requests bring to a backend.</summary>
    /// <param name="index">The backend.</param>
    double Share(int index);

    /// <summary>The same of a block of backends.</summary>
    /// <param name="block">The block.</param>
    Vector<double> Shares(int block);
}
