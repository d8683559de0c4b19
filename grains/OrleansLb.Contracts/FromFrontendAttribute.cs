namespace OrleansLb.Contracts;

/// <summary>Marks a text that is the id of the front-end which calls: a parameter, or of a grain's interface the key. See <see cref="IFromFrontend"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Interface)]
public sealed class FromFrontendAttribute : Attribute;
