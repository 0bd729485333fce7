"""One update of each player on one batch of data and of samples."""


def play_turn(step, real, fake, *noise):
    """Updates the discriminator, then the generator through it; returns both losses.

    `step` has both losses, an optimiser for each player and the discriminator's `weights`.
    """
    discriminator_loss = step.discriminator_loss(real, fake.detach(), *noise)
    step.discriminator_adam.zero_grad(set_to_none=True)
    discriminator_loss.backward()
    step.discriminator_adam.step()

    # The generator's update needs the gradient with respect to the samples only, not to these weights.
    for weight in step.weights:
        weight.requires_grad = False
    generator_loss = step.generator_loss(fake)
    step.generator_adam.zero_grad(set_to_none=True)
    generator_loss.backward()
    step.generator_adam.step()
    for weight in step.weights:
        weight.requires_grad = True
    return discriminator_loss, generator_loss
