using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Acme;

internal sealed partial class AcmeVault
{
    [LoggerMessage(2570, LogLevel.Warning, "{Path} can be read by others than the process' own user, and with it all private keys that are stored.", EventName = "SealingKeyReadable")]
    private static partial void LogReadable(ILogger logger, string path);

    // Highest id used: 2570
}
