using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Scenarios;

/// <summary>How the work of requests is distributed; its mean is always 1 service time.</summary>
public abstract class ServiceLaw
{
    private ServiceLaw(string name) => Name = name;

    /// <summary>Every request is alike.</summary>
    public static ServiceLaw Constant { get; } = new ConstantLaw();

    /// <summary>The law of the closed forms.</summary>
    public static ServiceLaw Exponential { get; } = new ExponentialLaw();

    /// <summary>Nineteen of twenty requests take half a service time, the others ten and a half.</summary>
    public static ServiceLaw Bimodal { get; } = new BimodalLaw();

    /// <summary>Bounded Pareto of index 1.5: most requests take a third of a service time, a few a hundred of them.</summary>
    public static ServiceLaw Pareto { get; } = new BoundedParetoLaw(1.5, 1000);

    /// <summary>As reports call it.</summary>
    public string Name { get; }

    /// <summary>Draws the work of one request, in service times.</summary>
    /// <param name="random">Where chance comes from; each law takes exactly one number.</param>
    public abstract double Draw(ref PickRandom random);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private sealed class ConstantLaw() : ServiceLaw("constant")
    {
        public override double Draw(ref PickRandom random)
        {
            // Taken all the same, so that arrivals are the same under every law.
            _ = random.NextDouble();
            return 1;
        }
    }

    private sealed class ExponentialLaw() : ServiceLaw("exponential")
    {
        public override double Draw(ref PickRandom random) => -Math.Log(1 - random.NextDouble());
    }

    private sealed class BimodalLaw() : ServiceLaw("bimodal")
    {
        public override double Draw(ref PickRandom random) => random.NextDouble() < 0.95 ? 0.5 : 10.5;
    }

    private sealed class BoundedParetoLaw : ServiceLaw
    {
        private readonly double _index;
        private readonly double _cut;
        private readonly double _least;

        /// <param name="index">Index of the tail, above 0 and not 1.</param>
        /// <param name="span">The longest request divided by the shortest.</param>
        public BoundedParetoLaw(double index, double span)
            : base("Pareto")
        {
            _index = index;
            _cut = 1 - Math.Pow(span, -index);
            // The mean of the law with shortest request 1, which the shortest is scaled by.
            var mean = index / (index - 1) * (1 - Math.Pow(span, 1 - index)) / _cut;
            _least = 1 / mean;
        }

        public override double Draw(ref PickRandom random) => _least * Math.Pow(1 - (random.NextDouble() * _cut), -1 / _index);
    }
}
