using Microsoft.Extensions.Options;

namespace OrleansLb.Hosting.Telemetry.Tracing;

[OptionsValidator]
internal sealed partial class TracingOptionsValidator : IValidateOptions<TracingOptions>;
