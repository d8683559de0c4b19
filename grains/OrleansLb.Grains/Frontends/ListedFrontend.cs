using OrleansLb.Contracts.Frontends;

namespace OrleansLb.Grains.Frontends;

/// <summary>A front-end in the directory.</summary>
/// <param name="Entry">What its grain said last.</param>
/// <param name="Heard">When.</param>
/// <param name="Number">State of the directory since which this incarnation is in it.</param>
internal readonly record struct ListedFrontend(FrontendEntry Entry, long Heard, long Number);
