using Microsoft.Extensions.Options;

namespace OrleansLb.Grains.Events;

[OptionsValidator]
internal sealed partial class EventOptionsValidator : IValidateOptions<EventOptions>;
