using Microsoft.Extensions.Options;

namespace OrleansLb.Hosting.Lifetime;

[OptionsValidator]
internal sealed partial class LifetimeOptionsValidator : IValidateOptions<LifetimeOptions>;
