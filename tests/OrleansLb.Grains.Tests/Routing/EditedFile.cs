using Microsoft.Extensions.Configuration;
using OrleansLb.Configuration;

namespace OrleansLb.Grains.Tests.Routing;

/// <summary>A configuration source whose content the test replaces as an editor would.</summary>
internal sealed class EditedFile : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Replace(SettingsDocument document)
    {
        Data = document.Settings.ToDictionary(StringComparer.OrdinalIgnoreCase);
        OnReload();
    }
}
