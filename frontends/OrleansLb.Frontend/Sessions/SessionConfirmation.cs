namespace OrleansLb.Frontend.Sessions;

/// <summary>What a range last said while a request waits.</summary>
/// <param name="Epoch">Epoch of the binding in force.</param>
/// <param name="ConfigurationVersion">Configuration of the range's silo.</param>
internal readonly record struct SessionConfirmation(long Epoch, long ConfigurationVersion);
