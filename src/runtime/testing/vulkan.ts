// Looks for something that WebGPU can run on in Node: a Vulkan driver, be it one that computes on the CPU.
import { existsSync, readdirSync } from 'node:fs';

/** What VK_DRIVER_FILES has to be for a driver, '' where the system finds one itself, or undefined where there is none. */
export function findVulkanDriver(): string | undefined {
  const named = process.env.VK_DRIVER_FILES;
  if (named !== undefined) return existsSync(named) ? named : undefined;
  if (process.platform !== 'linux') return '';
  // Chromium brings SwiftShader, a Vulkan driver that needs no graphics processor.
  const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
  if (existsSync(swiftShader)) return swiftShader;
  const folders = ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d'];
  return folders.some((folder) => existsSync(folder) && readdirSync(folder).length > 0) ? '' : undefined;
}
